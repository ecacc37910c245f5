#!/usr/bin/env node
// Names the browser tests of a report that passed only at their second try. Each is a fault, of the test or of the program.
import { readFileSync } from "node:fs";

function* tests(suite, above = []) {
  const titles = suite.title ? [...above, suite.title] : above;
  for (const spec of suite.specs ?? []) for (const test of spec.tests) yield { test, title: [...titles, spec.title].join(" › ") };
  for (const inner of suite.suites ?? []) yield* tests(inner, titles);
}

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const { test, title } of tests(report)) {
  if (test.status !== "flaky") continue;
  const [first] = test.results;
  console.log(`Only at the second try: [${test.projectName}] ${title}: ${(first.error?.message ?? first.status).split("\n")[0]}`);
}

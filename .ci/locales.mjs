// Fails when app/locales/ko.json and app/locales/en.json differ in their keys or in a text's {{ placeholders }}, and when a
// Korean text leaves the one voice of all: statements and questions end in -다 and -까, only requests in -세요 and -주세요.
import { readFileSync } from "node:fs";

const read = (language) => texts(JSON.parse(readFileSync(`app/locales/${language}.json`, "utf8")));

function texts(tree, path = "") {
  return Object.entries(tree).flatMap(([key, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value) ? texts(value, `${path}${key}.`) : [[path + key, value]],
  );
}

// Plural forms (`key_one`, `key_other`, …) may differ by language; Korean has only one.
const plain = (key) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const placeholders = (text) => [...JSON.stringify(text).matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name);

function collect(entries) {
  const found = new Map();
  for (const [key, text] of entries) {
    const names = found.get(plain(key)) ?? new Set();
    placeholders(text).forEach((name) => names.add(name));
    found.set(plain(key), names);
  }
  return found;
}

const korean = collect(read("ko"));
const english = collect(read("en"));
const faults = [];
for (const key of new Set([...korean.keys(), ...english.keys()])) {
  if (!english.has(key)) faults.push(`only in ko.json: ${key}`);
  else if (!korean.has(key)) faults.push(`only in en.json: ${key}`);
  else {
    const names = (map) => [...map.get(key)].sort().join(", ");
    if (names(korean) !== names(english)) faults.push(`${key}: ko.json has {{${names(korean)}}}, en.json has {{${names(english)}}}`);
  }
}
for (const [language, entries] of [["ko", read("ko")], ["en", read("en")]]) {
  for (const [key, text] of entries) if (typeof text === "string" && text.trim() === "") faults.push(`empty in ${language}.json: ${key}`);
}
const otherVoice = /(?<!세|아니|필|주|중|개|수|소)요(?![가-힣])|죠(?![가-힣])/;
for (const [key, text] of read("ko")) if (typeof text === "string" && otherVoice.test(text)) faults.push(`another voice in ko.json: ${key}`);
console.log(faults.length ? faults.join("\n") : `${korean.size} texts in both languages`);
process.exit(faults.length ? 1 : 0);

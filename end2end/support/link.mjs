// A line to a server on this machine with a bandwidth and a delay of its own: a TCP proxy. Browsers slow down only what a page
// asks itself; through this everything goes, a service worker's requests too.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A line as slow as the 1.6 Mbit/s and 150 ms there and back that Lighthouse takes for a phone. */
export const FIELD = { bytesPerSecond: 200_000, delay: 75 };
const FREE = { bytesPerSecond: Infinity, delay: 0 };
/** Bytes that wait in the line before the sender is held. */
const MOST_WAITING = 256 * 1024;

/** One direction, which all connections share. */
class Lane {
  constructor(line) {
    this.line = line;
    this.freeAt = 0;
  }

  /** When bytes that are sent now have arrived. */
  arrival(bytes) {
    const now = performance.now();
    this.freeAt = Math.max(now, this.freeAt) + (bytes / this.line.pace.bytesPerSecond) * 1000;
    return this.freeAt + this.line.pace.delay;
  }
}

function carry(from, to, lane) {
  const waiting = [];
  let [held, running] = [0, false];
  const run = async () => {
    if (running) return;
    running = true;
    while (waiting.length) {
      const [at, part] = waiting.shift();
      const rest = at - performance.now();
      if (rest > 1) await new Promise((done) => setTimeout(done, rest));
      if (part === undefined) to.end();
      else to.write(part);
      held -= part?.length ?? 0;
      if (held < MOST_WAITING) from.resume();
    }
    running = false;
  };
  from.on("data", (part) => {
    held += part.length;
    if (held >= MOST_WAITING) from.pause();
    waiting.push([lane.arrival(part.length), part]);
    run();
  });
  from.on("end", () => {
    waiting.push([lane.arrival(0), undefined]);
    run();
  });
  // What breaks off on one side breaks off on the other.
  from.on("error", () => to.destroy());
  from.on("close", () => from.destroy());
}

/**
 * Begins a line to `url`, at first as fast as it goes.
 *
 * @returns {Promise<{url: string, set: (pace: {bytesPerSecond: number, delay: number} | undefined) => void, close: () => void}>}
 */
export async function startLink(url) {
  const line = { pace: FREE };
  const [up, down] = [new Lane(line), new Lane(line)];
  const open = new Set();
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), "127.0.0.1");
    for (const end of [near, far]) {
      open.add(end);
      end.setNoDelay(true);
      end.on("close", () => open.delete(end));
    }
    carry(near, far, up);
    carry(far, near, down);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    set: (pace) => (line.pace = pace ?? FREE),
    close: () => {
      server.close();
      for (const end of open) end.destroy();
    },
  };
}

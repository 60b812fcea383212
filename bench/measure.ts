// How everything in bench/ is measured and shown: medians of interleaved samples, so that
// what else the machine does falls on all sides alike, and tables of plain text.
//
// Not here: what is measured; every table has a file of its own.

import { type SpawnSyncOptions, spawnSync } from "node:child_process";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);

/** How long something is measured. */
export interface Effort {
  readonly samples: number;
  /** What a sample lasts at least, by repeating the call. */
  readonly sampleMs: number;
  /** How long each call is repeated before the first sample. */
  readonly warmMs: number;
  /** The clock on the wall, or the processor's time with that of collecting and compiling, for what cannot take turns. */
  readonly clock: "wall" | "processor";
}

const USUAL: Effort = { samples: 9, sampleMs: 4, warmMs: 60, clock: "wall" };

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median time of each call in microseconds, samples of all calls taking turns. A call is told how often it has been made. */
export function race(calls: readonly ((count: number) => unknown)[], effort: Partial<Effort> = {}): number[] {
  const { samples, sampleMs, warmMs, clock } = { ...USUAL, ...effort };
  const now = clock === "wall" ? () => performance.now() : processorMs;
  const runners = calls.map((call) => {
    let count = 0;
    const begun = now();
    do call(count++);
    while (now() - begun < warmMs);
    const once = (now() - begun) / count;
    const repeats = Math.max(1, Math.ceil(sampleMs / once));
    const times: number[] = [];
    return {
      times,
      sample: (): void => {
        const start = now();
        for (let i = 0; i < repeats; i++) call(count++);
        times.push((now() - start) / repeats);
      },
    };
  });
  for (let s = 0; s < samples; s++) for (const r of runners) r.sample();
  return runners.map((r) => median(r.times) * 1000);
}

/** Median time of whole processes in milliseconds, taking turns. */
export function raceProcesses(commands: readonly (readonly string[])[], samples: number): number[] {
  const times = commands.map((): number[] => []);
  for (let s = 0; s < samples; s++)
    for (const [i, [command, ...args]] of commands.entries()) {
      const begun = performance.now();
      spawnSync(command as string, args);
      (times[i] as number[]).push(performance.now() - begun);
    }
  return times.map(median);
}

export const cell = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : "-");

/** Three digits that count. */
export const short = (value: number): string =>
  !Number.isFinite(value) ? "-" : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((h, j) => Math.max(h.length, ...rows.map((r) => (r[j] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((c, j) => (j === 0 ? c.padEnd(widths[j] as number) : c.padStart(widths[j] as number)))
      .join("  ")
      .trimEnd();
  console.log(`\n${title}\n${line(head)}\n${widths.map((w) => "-".repeat(w)).join("  ")}\n${rows.map(line).join("\n")}`);
}

/** Pythons in the order in which they are tried; Debian's has Debian's packages. */
const PYTHONS = ["python3", "/usr/bin/python3"];

/** A Python that imports the modules; undefined where there is none. */
export const pythonWith = (...modules: readonly string[]): string | undefined =>
  PYTHONS.find((python) => spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0);

/** Runs a script of bench/peers on one thread and reads the JSON that it prints. */
export function peer<T>(python: string, script: string, request: unknown): T {
  const options: SpawnSyncOptions = {
    input: JSON.stringify(request),
    maxBuffer: 1 << 28,
    env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  };
  const { status, stdout } = spawnSync(python, [new URL(`peers/${script}`, import.meta.url).pathname], options);
  if (status !== 0) throw new Error(`${script} ends with ${status}`);
  return JSON.parse(`${stdout}`) as T;
}

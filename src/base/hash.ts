// Content hashes. They order terms the same way in every process and after any
// history of calls, which insertion counters would not.
//
// Two 32-bit FNV-1a lanes with different bases, joined to one 53-bit number.

const PRIME = 0x01000193;
const LANE_A = 0x811c9dc5;
const LANE_B = 0x1b873593;

const joinLanes = (a: number, b: number): number => ((a ^ (a >>> 15)) >>> 0) * 2097152 + ((b ^ (b >>> 13)) >>> 11);

/** A hash of a text, in 53 bits. */
export function hashText(text: string): number {
  let a = LANE_A;
  let b = LANE_B;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, PRIME);
    b = Math.imul(b ^ (c + i), PRIME);
  }
  return joinLanes(a, b);
}

/** Mixes a sequence of hashes or small integers; their order counts. */
export function hashNumbers(values: readonly number[]): number {
  let a = LANE_A;
  let b = LANE_B;
  for (const v of values) {
    const low = v | 0;
    const high = Math.floor(v / 4294967296) | 0;
    a = Math.imul(a ^ low, PRIME);
    a = Math.imul(a ^ high, PRIME);
    b = Math.imul(b ^ high, PRIME);
    b = Math.imul(b ^ low, PRIME);
    a ^= a >>> 16;
    b ^= b >>> 17;
  }
  return joinLanes(a, b);
}

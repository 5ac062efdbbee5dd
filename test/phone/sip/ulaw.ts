/**
 * G.711 mu-law.
 * @module
 */

/** The sample of each code. */
export const SAMPLE_OF = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 255;
  const sample = (((bits & 15) << 3) + 132) * 2 ** ((bits >> 4) & 7) - 132;
  return bits & 128 ? -sample : sample;
});

/** The code of a sample. */
export function codeOf(sample: number): number {
  const sign = sample < 0 ? 128 : 0;
  const size = Math.min(Math.abs(sample), 32_635) + 132;
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && !(size & mask); exponent--) mask >>= 1;
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 15)) & 255;
}

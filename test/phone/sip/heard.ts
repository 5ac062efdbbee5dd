/**
 * What a phone has heard: packets by the time of their arrival, as samples, as tones, and how much it resembles a sound.
 * @module
 */
import { RATE } from '../asterisk/tone-wav.js';
import { SAMPLE_OF } from './ulaw.js';

/** One RTP packet of PCMU. */
export interface HeardPacket {
  /** `performance.now()` of its arrival. */
  at: number;
  timestamp: number;
  source: number;
  data: Buffer;
}

/** A stretch of one tone (hertz), or of another sound; times as `performance.now()`. */
export interface HeardTone {
  what: number | 'other';
  from: number;
  to: number;
}

const SAMPLES_PER_MS = RATE / 1000;
/** Samples that are looked at at once: 20 ms. */
const WINDOW = 160;
/** Mean square of a sample, above which there is sound. */
const LOUD = 1e4;
/** The share of the energy that a tone has. */
const TONAL = 0.6;
/** Milliseconds of the shortest stretch that counts. */
const SHORTEST = 40;
/** Samples by which packets in a row may lie beside the clock. */
const JITTER = 1600;

/** The sound from the first packet on; silence where none came. */
export function samplesOf(packets: readonly HeardPacket[]): { from: number; samples: Int16Array } {
  const [first, last] = [packets[0], packets.at(-1)];
  if (!first || !last) return { from: 0, samples: new Int16Array(0) };
  const samples = new Int16Array(Math.round((last.at - first.at) * SAMPLES_PER_MS) + 2 * WINDOW);
  let before: { position: number; packet: HeardPacket } | undefined;
  for (const packet of packets) {
    const byClock = Math.round((packet.at - first.at) * SAMPLES_PER_MS);
    const inRow = before && before.position + packet.timestamp - before.packet.timestamp;
    const continues = before?.packet.source === packet.source && Math.abs((inRow ?? 0) - byClock) < JITTER;
    const position = continues && inRow !== undefined ? inRow : byClock;
    for (const [index, code] of packet.data.entries())
      if (position + index < samples.length) samples[position + index] = SAMPLE_OF[code] ?? 0;
    before = { position, packet };
  }
  return { from: first.at, samples };
}

/** The stretches in which these tones, or something else, was heard. */
export function tonesOf(packets: readonly HeardPacket[], hertz: readonly number[]): HeardTone[] {
  const { from, samples } = samplesOf(packets);
  const found: HeardTone[] = [];
  for (let start = 0; start + WINDOW <= samples.length; start += WINDOW) {
    const what = soundOf(samples.subarray(start, start + WINDOW), hertz);
    const at = from + start / SAMPLES_PER_MS;
    const last = found.at(-1);
    if (what === null) continue;
    if (last?.what === what && at - last.to < 1) last.to = at + WINDOW / SAMPLES_PER_MS;
    else found.push({ what, from: at, to: at + WINDOW / SAMPLES_PER_MS });
  }
  return found.filter((tone) => tone.to - tone.from >= SHORTEST);
}

/** From where to where a tone is heard, in milliseconds since the first sample; empty where it is not. */
export function toneStretch(samples: Int16Array, rate: number, hertz: number): { from: number; to: number } {
  const windows = Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, index) => index * WINDOW).filter(
    (start) => soundOf(samples.subarray(start, start + WINDOW), [hertz]) === hertz,
  );
  const ms = (sample: number) => (sample / rate) * 1000;
  return { from: ms(windows[0] ?? Infinity), to: ms((windows.at(-1) ?? -Infinity) + WINDOW) };
}

/** Seconds of a sound in which a tone is heard. */
export function toneSeconds(samples: Int16Array, rate: number, hertz: number): number {
  let windows = 0;
  for (let start = 0; start + WINDOW <= samples.length; start += WINDOW)
    if (soundOf(samples.subarray(start, start + WINDOW), [hertz]) === hertz) windows++;
  return (windows * WINDOW) / rate;
}

/** The loudest of the tones in a window (by Goertzel), another sound, or null for silence. */
function soundOf(window: Int16Array, hertz: readonly number[]): HeardTone['what'] | null {
  const energy = window.reduce((sum, sample) => sum + sample * sample, 0);
  if (energy / WINDOW <= LOUD) return null;
  return hertz.find((tone) => power(window, tone) / ((energy * WINDOW) / 2) > TONAL) ?? 'other';
}

function power(window: Int16Array, hertz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [one, two] = [0, 0];
  for (const sample of window) [one, two] = [sample + factor * one - two, one];
  return one * one + two * two - factor * one * two;
}

/** Milliseconds that one point of an envelope stands for. */
const POINT_MS = 20;

/**
 * Where a sound is heard best, and how much the loudness of what was heard there resembles its own (-1 to 1).
 * `at` is the time as `performance.now()`.
 */
export function findSound(packets: readonly HeardPacket[], sound: Int16Array): { at: number; likeness: number } {
  const { from, samples } = samplesOf(packets);
  const { ms, likeness } = findIn(samples, sound);
  return { at: from + ms, likeness };
}

/** The same in samples; `ms` is the time since the first of them. */
export function findIn(samples: Int16Array, sound: Int16Array): { ms: number; likeness: number } {
  const [heard, wanted] = [envelope(samples), envelope(sound)];
  let best = { ms: 0, likeness: -1 };
  for (let offset = 0; offset + wanted.length <= heard.length + 2; offset++) {
    const likeness = correlation(heard.slice(offset, offset + wanted.length), wanted);
    if (likeness > best.likeness) best = { ms: offset * POINT_MS, likeness };
  }
  return best;
}

function envelope(samples: Int16Array): number[] {
  const size = POINT_MS * SAMPLES_PER_MS;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const part = samples.subarray(index * size, (index + 1) * size);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / size);
  });
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length);
  const mean = (values: readonly number[]) => values.slice(0, length).reduce((sum, value) => sum + value, 0) / length;
  const [meanOne, meanOther] = [mean(one), mean(other)];
  let [product, squareOne, squareOther] = [0, 0, 0];
  for (let index = 0; index < length; index++) {
    const [a, b] = [(one[index] ?? 0) - meanOne, (other[index] ?? 0) - meanOther];
    product += a * b;
    squareOne += a * a;
    squareOther += b * b;
  }
  return product / Math.sqrt(squareOne * squareOther || 1);
}

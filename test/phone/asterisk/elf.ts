/**
 * Which shared libraries a program or library names (`DT_NEEDED`), read from its file: no linker has to run for it.
 * @module
 */
import { readFileSync } from 'node:fs';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

/** The names of libraries that a 64-bit little-endian ELF file needs; none when it is no such file. */
export function neededLibraries(path: string): string[] {
  const file = readFileSync(path);
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) return [];
  const at = (offset: number) => Number(file.readBigUInt64LE(offset));
  const [start, size, count] = [at(32), file.readUInt16LE(54), file.readUInt16LE(56)];
  const headers = Array.from({ length: count }, (_, index) => start + index * size).map((offset) => ({
    type: file.readUInt32LE(offset),
    offset: at(offset + 8),
    address: at(offset + 16),
    length: at(offset + 32),
  }));
  const dynamic = headers.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return [];
  const entries = Array.from({ length: dynamic.length / 16 }, (_, index) => dynamic.offset + index * 16).map(
    (offset) => ({ tag: at(offset), value: at(offset + 8) }),
  );
  const address = entries.find(({ tag }) => tag === DT_STRTAB)?.value ?? 0;
  const segment = headers.find(
    (header) => header.type === PT_LOAD && address >= header.address && address < header.address + header.length,
  );
  if (!segment) return [];
  const strings = address - segment.address + segment.offset;
  return entries
    .filter(({ tag }) => tag === DT_NEEDED)
    .map(({ value }) => file.toString('latin1', strings + value, file.indexOf(0, strings + value)));
}

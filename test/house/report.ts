/**
 * `npm run house`: the rooms with their files, and every short or long file with the reason why it stays.
 * @module
 */
import { sizeReason } from './reasons.js';
import { ROOMS, roomOf } from './rooms.js';
import { folderOf, sources } from './sources.js';

const all = sources();
console.log('Rooms, from the foundation up (files, lines):');
for (const room of ROOMS) {
  const inside = all.filter(({ path }) => roomOf(folderOf(path)) === room);
  const lines = inside.reduce((sum, source) => sum + source.lines, 0);
  console.log(`  ${room.padEnd(22)} ${String(inside.length).padStart(3)} ${String(lines).padStart(6)}`);
}
console.log('\nFiles over 250 or under 30 lines:');
for (const source of all.filter(({ lines }) => lines > 250 || lines < 30))
  console.log(`  ${String(source.lines).padStart(3)}  ${source.path}: ${sizeReason(source) ?? 'NO REASON'}`);

import type { MapRow, Write } from './write.js';
export function mapXml(_text: string, _rows: MapRow[], _namespaces: Record<string, string>): Write[] {
  throw new Error('soon');
}

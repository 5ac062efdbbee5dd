import { describe, expect, it } from 'vitest';
import { inputFormatFault, outputFormatFault, readsClock } from './formats.js';

describe('formats of dates', () => {
  it.each(['yyyy-MM-dd', "dd/MM/yyyy 'at' HH:mm:ss", 'EEE d MMM yy h:mm a', "kkkk-'W'WW", 'yyyyMMdd', 'yyyy-ooo'])(
    '%s reads and writes dates',
    (format) => {
      expect(inputFormatFault(format)).toBeUndefined();
      expect(outputFormatFault(format)).toBeUndefined();
    },
  );

  it('D1: letters that mean nothing are a fault with the nearest known, for they would silently be text', () => {
    expect(outputFormatFault('DD/MM/YYYY')).toBe(
      `holds "DD", which is no part of a date. Did you mean "dd"? Plain text stands in '...'.`,
    );
    expect(outputFormatFault('dd/MM/YYYY')).toContain('Did you mean "yyyy"?');
    expect(outputFormatFault('d MMM at H')).toContain('"t"');
    expect(outputFormatFault("d 'of MMM")).toBe("has a ' that is not closed.");
    expect(outputFormatFault("'today'")).toBe('holds no part of a date.');
    expect(outputFormatFault('')).toBe('holds no part of a date.');
  });

  it('what only writes dates does not read them', () => {
    expect(outputFormatFault('q')).toBeUndefined();
    expect(inputFormatFault('q')).toContain('"q"');
  });

  it('an input format names a year, each part once, and parts that go together', () => {
    expect(inputFormatFault('HH:mm')).toBe('reads no year (yyyy, yy, kkkk).');
    expect(inputFormatFault('dd dd yyyy')).toBe('reads the same part of a date twice.');
    expect(inputFormatFault('kkkk-MM-dd')).toBe('mixes parts of a date that do not go together.');
  });

  it('tells whether a time of day is read', () => {
    expect([readsClock('yyyy-MM-dd'), readsClock("yyyy 'HH'"), readsClock('yyyy HH')]).toEqual([false, false, true]);
  });
});

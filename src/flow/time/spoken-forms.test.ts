import { expect, it } from 'vitest';
import { type SpokenForm, spokenPrompt } from './spoken-forms.js';

const say = (form: SpokenForm, language?: string) => spokenPrompt(form, language, 'Asia/Kolkata');

it('D2d: English and Hindi say digits, numbers, amounts, dates and times in their own words', () => {
  expect(say({ digits: '40-91 7' }, 'hi')).toEqual({ text: '4 0 9 1 7', digits: '40917' });
  expect(say({ number: '1234567.50' }, 'en')).toEqual({ text: '1234567.5', number: '1234567.5' });
  expect(say({ amount: '1234.5', currency: 'inr' }, 'en')).toEqual({
    ...{ text: '1234.50 Indian rupees', amount: '1234.5', currency: 'INR' },
  });
  expect(say({ amount: '1', currency: 'INR' }, 'en').text).toBe('1 Indian rupee');
  expect(say({ amount: '250', currency: 'INR' }, 'hi').text).toBe('250 भारतीय रुपए');
  expect(say({ date: '2026-12-01T20:00:00Z' }, 'en-IN')).toEqual({ text: '2 December 2026', date: '2026-12-02' });
  expect(say({ date: '2026-12-01' }, 'hi').text).toBe('1 दिसंबर 2026');
  expect(say({ time: '17:30' }, 'en')).toEqual({ text: '5:30 PM', time: '17:30' });
  expect(say({ time: '2026-12-01T00:05:00Z' }, 'hi-IN')).toMatchObject({
    text: expect.stringContaining('5:35'),
    time: '05:35',
  });
});

it('D2d: without a language, or with one that is not known, it is English', () => {
  expect(say({ date: '2026-12-01' }).text).toBe('December 1, 2026');
  expect(say({ date: '2026-12-01' }, 'xx').text).toBe('December 1, 2026');
});

it.each<[SpokenForm, string]>([
  [{ digits: '4a' }, '"digits" holds no digits alone'],
  [{ digits: '' }, '"digits" holds no digits alone (it is an empty text)'],
  [{ number: 'many' }, '"number" is no number'],
  [{ amount: '1', currency: 'rupees' }, '"currency" is no currency'],
  [{ amount: '', currency: 'INR' }, '"amount" is no number'],
  [{ date: '17:30' }, '"date" is no date'],
  [{ time: '25:00' }, '"time" is no date'],
  [{ time: '2026-12-01' }, '"time" names a day'],
])('D2d: %j does not fit its form', (form, fault) => {
  expect(() => say(form)).toThrow(fault);
});

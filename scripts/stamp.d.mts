export function sourceStamp(): string;
export function builtStamp(): string;
export function writeStamp(stamp: string): void;

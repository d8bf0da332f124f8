import { InvalidArgumentError } from 'commander';

/** Gathers an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** `a,b` given once or several times. */
export function commaSeparated(value: string, before: readonly string[] = []): string[] {
  const parts = value.split(',').map((part) => part.trim());
  return [...before, ...parts.filter((part) => part !== '')];
}

/** A whole number from 0 on. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

/** A whole number not below `minimum`. */
export function atLeast(minimum: number): (value: string) => number {
  return (value) => {
    const number = wholeNumber(value);
    if (number < minimum) throw new InvalidArgumentError(`It must be at least ${minimum}.`);
    return number;
  };
}

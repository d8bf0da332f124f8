const learned = new Map<string, readonly string[]>();

/**
 * Makes secrets known that no setting has, such as those that AWS hands out for an hour: they replace the ones that the same
 * source gave before.
 */
export function learnSecrets(source: string, secrets: readonly string[]): void {
  learned.set(source, secrets);
}

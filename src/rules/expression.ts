/** A rule in the terms of one target: the body with what is worth knowing of it, or the reason why that target cannot have it. */
export type Expression<T> = { readonly body: T; readonly how: string } | { readonly whyNot: string };

/** For a page: how a target runs the rule, or why it does not. */
export function saidOf(expression: Expression<unknown>): string {
  return 'whyNot' in expression ? `Not expressible: ${expression.whyNot}` : expression.how;
}

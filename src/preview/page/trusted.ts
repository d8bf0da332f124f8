interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML: () => string }): unknown;
}

/**
 * Where the browser knows Trusted Types (our security policy demands them) no text becomes markup in this page, whoever tries; the chart
 * library empties elements that way, which still works.
 */
export function refuseMarkup(): void {
  const { trustedTypes } = window as { readonly trustedTypes?: PolicyFactory };
  trustedTypes?.createPolicy('default', { createHTML: () => '' });
}

/** Data stream of a dataset's documents. */
export function indexName(dataset: string, namespace: string): string {
  return `logs-cloudconnexa.${dataset}-${namespace}`;
}

/** The line before a document in a bulk request: this, the document's id, and `ACTION_END`. */
export function actionBegin(index: string): string {
  return `{"create":{"_index":${JSON.stringify(index)},"_id":"`;
}

/** `assembly/core.ts` writes the same bytes. */
export const ACTION_END = '"}}\n';

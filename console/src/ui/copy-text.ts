/**
 * The browser gives its clipboard only to pages from https or this machine; elsewhere the old way is left: a hidden
 * field whose text is chosen. It stands in the dialog that is open, since that takes the focus back from outside.
 */
function copyChosen(text: string): boolean {
  const active = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;top:0;left:-200vw';
  (active?.closest('[role=dialog]') ?? document.body).append(field);
  try {
    field.select();
    return document.execCommand('copy');
  } finally {
    field.remove();
    if (active instanceof HTMLElement) active.focus();
  }
}

/** Whether the text is in the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not there, or not allowed.
    return copyChosen(text);
  }
}

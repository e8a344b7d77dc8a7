const CONTROLS =
  /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * The text without what a terminal obeys: somebody who can name an app or write a log line must not be able to move
 * the cursor, set the title or hide lines of whoever reads it. Tabs and line ends stay.
 */
export const safeText = (text: string): string => text.replace(CONTROLS, '');

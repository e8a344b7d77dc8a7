/** What the secrets of an app's hook on GitHub are sealed for. */
export const hookOwner = (appId: string): string => `webhook of app ${appId}`;

/** The address of the service, whole; what is no address stays, and is told as a fault of the configuration. */
export const serviceAddress = (serverUrl: string): string =>
  URL.canParse(serverUrl, document.baseURI) ? new URL(serverUrl, document.baseURI).href : serverUrl;

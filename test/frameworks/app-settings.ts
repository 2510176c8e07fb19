/** What every app of this folder is given by its address, and shows in the same way. */
const address = new URLSearchParams(location.search);

/** The service to ask. */
export const apiEndpoint = address.get('api') ?? '';
export const warningSeconds = [40];
export const someStrings = { end: 'Finish' };
export const otherStrings = { end: 'Stop here' };
export const getSessionToken = async (): Promise<string> => '';

/** One line for each event that was heard, in the order in which they came. */
export function noteEvent(event: Event): void {
  document.querySelector('#heard')!.append(`${event.type} `);
}

/** The page warns in its own way. */
export function cancel(event: Event): void {
  noteEvent(event);
  event.preventDefault();
}

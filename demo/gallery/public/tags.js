// How states are written.

/** An error of the service (RFC 9457). */
export const problem = (status, code) => ({ status, body: { code, status, request_id: 'req_gallery' } });

/** A tag as a page writes it: its name, its attributes, and the tags in it. */
export const tag = (attributes = {}, children = []) => ['marketplace-session', attributes, children];
export const piece = (name, attributes = {}) => [`marketplace-session-${name}`, attributes, []];
/** A text in a slot, or without one. */
export const text = (name, content, slot) => [name, slot ? { slot } : {}, [content]];

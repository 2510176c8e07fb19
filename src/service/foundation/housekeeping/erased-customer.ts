/** The name that takes the place of the id of somebody who was erased. */
export const erasedName = () => `erased-${crypto.randomUUID()}`;

/** Whether a customer is still somebody. As text, for an index has the very same condition. */
export const isSomebody = `id not like 'erased-________-____-____-____-____________'`;

/** Puts parts in their places: `ends {time}`. */
export const fill = (text: string, parts: Record<string, string>): string =>
  `${text}`.replace(/{(\w+)}/g, (_, name: string) => parts[name]!);

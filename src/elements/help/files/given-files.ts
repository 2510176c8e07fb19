/** The files of a drop or of the clipboard. Folders are none: they cannot be read as one. */
export function filesIn(data: DataTransfer | null): File[] {
  if (!data) return [];
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  // Older browsers fill one of the two.
  if (!items.length) return [...data.files];
  return items
    .filter((item) => !item.webkitGetAsEntry?.()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}

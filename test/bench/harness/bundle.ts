import { build, type Rolldown } from 'vite';

export interface Bundle {
  /** The entry and all that it imports at once. */
  first: string[];
  /** What is fetched later, by `import()`. */
  late: string[];
}

/** Bundles one module with its dependencies, minified, as an application would. */
export async function bundle(entry: string): Promise<Bundle> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { output: { minify: true } },
    },
  });
  const { output } = (built as Rolldown.RolldownOutput[])[0]!;
  const chunks = output.filter((file) => file.type === 'chunk');
  const first = withStaticImports(
    chunks,
    chunks.find((chunk) => chunk.isEntry)!,
  );
  return {
    first: [...first].map((chunk) => chunk.code),
    late: chunks.filter((chunk) => !first.has(chunk)).map((chunk) => chunk.code),
  };
}

function withStaticImports(
  chunks: Rolldown.OutputChunk[],
  chunk: Rolldown.OutputChunk,
  found = new Set<Rolldown.OutputChunk>(),
): Set<Rolldown.OutputChunk> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const other of chunks)
    if (chunk.imports.includes(other.fileName)) withStaticImports(chunks, other, found);
  return found;
}

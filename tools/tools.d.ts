declare module '*/program.mjs' {
  /** The file of a package's program, for Node to run. */
  export function program(name: string, bin?: string): string;
}

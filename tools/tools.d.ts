declare module '*/program.mjs' {
  /** The file of a package's program, for Node to run. */
  export function program(name: string, bin?: string): string;
}

declare module '*/free-port.mjs' {
  /** A port of this machine that nobody listens at, for a program that has to be told one. */
  export function freePort(): Promise<number>;
}

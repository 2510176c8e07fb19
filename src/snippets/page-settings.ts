// What a page needs beside the tag.

export interface Sources {
  /** Where the files of the script come from. */
  scriptOrigin: string;
  serviceOrigin: string;
}

/** What its Content-Security-Policy has to allow, a directive a line. */
export const policyLines = ({ scriptOrigin, serviceOrigin }: Sources): string[] => [
  `script-src ${scriptOrigin}`,
  `connect-src ${serviceOrigin}`,
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
];

/** @param accent a colour of CSS */
export const themeRule = (accent: string): string =>
  `marketplace-session {\n  --marketplace-session-accent: ${accent};\n}`;

import { entryPath } from './cdn-files.js';

/** A page with that body and that one script. */
export const html = (body: string, scriptPath: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Bench</title>
    <link rel="icon" href="data:," />
    <script type="module" src="${scriptPath}"></script>
  </head>
  <body>
    ${body}
  </body>
</html>
`;

/** A page as an author writes it: the tag and the script. */
export const elementPage = (apiEndpoint: string, attributes = ''): string =>
  html(
    `<marketplace-session api-endpoint="${apiEndpoint}" no-redirect ${attributes}></marketplace-session>`,
    entryPath,
  );

/**
 * The folder of the script tag's files of one version, ending in `/`, of where a script came from. A content delivery network
 * serves the global script under the package's bare name too, without leading anywhere, and under names for a moving version, such
 * as `@1` or `@latest`: what is fetched later has the script's own version, whatever has been published since.
 * @param source of a script: `https://cdn.jsdelivr.net/npm/marketplace-session@1`, `/files/marketplace-session.global.js?v=2`.
 */
export function filesBeside(source: string, version: string): string {
  const [path] = source.split(/[?#]/) as [string];
  if (path.endsWith('.js'))
    return path.replace(/[^/]*$/, '').replace(/(\/marketplace-session)@[^/]+/, `$1@${version}`);
  return `${path.replace(/(@[^/]*)?\/?$/, '')}@${version}/dist/cdn/`;
}

import { join } from 'node:path';

// Here the package is a folder above this one. An application of its own needs no configuration.
export default { turbopack: { root: join(import.meta.dirname, '../..') } };

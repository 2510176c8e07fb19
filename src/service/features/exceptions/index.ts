// Exceptions: what a person of the marketplace has to look at.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { countOpenExceptions } from './exceptions.js';
import { exceptionRoutes } from './routes.js';

export function exceptionsFeature(context: ServiceContext): Feature {
  context.metrics.add({
    name: 'open_exceptions',
    help: 'What waits for a person of the marketplace, of all instances',
    label: 'kind',
    read: () => countOpenExceptions(context),
  });
  return { mount: (app, authenticator) => exceptionRoutes(app, context, authenticator) };
}

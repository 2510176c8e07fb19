import type { ServiceContext } from './context.js';

/** One of something for each service, made when it is first asked for. */
export function perService<T>(make: (context: ServiceContext) => T): (context: ServiceContext) => T {
  const made = new WeakMap<ServiceContext, T>();
  return (context) => {
    if (!made.has(context)) made.set(context, make(context));
    return made.get(context)!;
  };
}

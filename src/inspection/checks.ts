import type { Check } from './check.js';
import { application, webhooks } from './checks/application.js';
import { frames, pageAnswers, tokenParameter, transport } from './checks/page.js';
import { policy } from './checks/policy.js';
import { script } from './checks/script.js';
import { secrets } from './checks/secrets.js';
import { clocks, crossOrigin, keySet, service } from './checks/service.js';
import { tagPresent } from './checks/tag.js';

/** What one visit tells, in the order in which a person mends what is found. */
export const pageChecks: readonly Check[] = [
  pageAnswers,
  transport,
  secrets,
  tagPresent,
  script,
  policy,
  service,
  crossOrigin,
  application,
  tokenParameter,
  keySet,
];

/** All checks, in that order. */
export const checks: readonly Check[] = [...pageChecks, frames, clocks, webhooks];

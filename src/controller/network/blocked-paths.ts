import type { SessionError } from '../../protocol/errors.js';
import { perRun } from '../run/per-run.js';

/** Paths below that of the session which do not come through while others do, each with the error that says so. */
export const blockedPathsOf = perRun(() => new Map<string, SessionError>());

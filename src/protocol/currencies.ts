/** Currencies that have no minor unit, by how Stripe counts; of those that it does not take, by ISO 4217. */
const withoutMinorUnit = /^(bif|clp|djf|gnf|jpy|kmf|krw|mga|pyg|rwf|uyi|vnd|vuv|xaf|xof|xpf)$/i;
/** Three digits. */
const inThousandths = /^(bhd|iqd|jod|kwd|lyd|omr|tnd)$/i;
/** Two digits on the wire, though nobody pays less than a whole one: Stripe takes multiples of 100 only. */
const inHundredsOnly = /^(isk|ugx)$/i;

/**
 * How many digits of an amount in minor units stand behind the point. Neither `Intl` tells it, whose digits are for
 * showing, nor ISO 4217 alone: the payment provider counts in its own way (https://docs.stripe.com/currencies).
 * @param currency ISO 4217, in either case.
 */
export function minorUnitDigits(currency: string): number {
  if (withoutMinorUnit.test(currency)) return 0;
  if (inThousandths.test(currency)) return 3;
  return /^(clf|uyw)$/i.test(currency) ? 4 : 2;
}

/** What an amount in minor units must be a multiple of, to be charged. */
export function smallestCharge(currency: string): number {
  if (inHundredsOnly.test(currency)) return 100;
  return inThousandths.test(currency) ? 10 : 1;
}

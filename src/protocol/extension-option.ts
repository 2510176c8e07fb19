import type { ExtensionOption } from './session.js';

/** Whether an option is paid by money: it has a price in money, and tokens do not buy it. */
export const isForMoney = ({ tokens, available, money }: ExtensionOption): boolean =>
  !!money && !(available && tokens !== null);

/** The amount of its price: tokens, or minor units of a currency. */
const amountOf = (option: ExtensionOption): number =>
  (isForMoney(option) ? option.money?.amount : option.tokens) ?? 0;

/** For sorting: the cheapest first, and what tokens buy before what money does. */
export const byPrice = (one: ExtensionOption, other: ExtensionOption): number =>
  Number(isForMoney(one)) - Number(isForMoney(other)) || amountOf(one) - amountOf(other);

/** Whether an option can be had now, in either way. */
export const isOnSale = ({ available, money }: ExtensionOption): boolean => available || !!money;

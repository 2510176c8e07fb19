/** The application in which customers and helpers talk, as the catalogue has it. */
export const helpApplicationId = 'handy';

/** What one can talk to somebody about. */
export const helpCategories = [
  { id: 'leak', name: 'Something drips or leaks', tokens: 30, durationSeconds: 900 },
  { id: 'wall', name: 'Hang it on the wall', tokens: 20, durationSeconds: 600 },
  { id: 'quick', name: 'A quick question', tokens: 4, durationSeconds: 120 },
] as const;

/** Who sits at the desk of the provider's site. */
export const helper = { id: 'mira', displayName: 'Mira' };

/** Answers by itself where nobody at the desk is faster, for those who try it alone. */
export const answeringHelper = { id: 'robin', displayName: 'Robin, who is a program' };

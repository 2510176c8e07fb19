import type { OutcomeWords } from '../outcome-words.js';

/** French. */
export const words: OutcomeWords = {
  title: 'Comment l’échange s’est-il terminé ?',
  loading: 'Un instant …',
  early:
    'L’échange n’est pas encore terminé. Dès qu’il le sera, vous pourrez dire ici comment il s’est terminé.',
  void: 'Cette demande n’a donné lieu à aucun échange : il n’y a rien à noter.',
  outcomes: {
    resolved: 'Résolu',
    unresolved: 'Non résolu',
    in_person: 'Une visite est nécessaire',
  },
  choose: 'Veuillez choisir comment il s’est terminé.',
  notes: 'Notes (facultatif)',
  notesHint: 'Votre équipe les lit, pas le client.',
  submit: 'Enregistrer',
  givenTitle: 'Enregistré',
  other: 'Autre chose avait déjà été noté. Cela reste.',
  troubles: {
    unreachable: 'Le service est injoignable. Votre texte est toujours là. Veuillez réessayer.',
    signIn: 'Nous ne savons plus qui vous êtes. Veuillez vous reconnecter, puis réessayer.',
    often: 'C’était un peu trop souvent. Attendez un instant, puis réessayez.',
    other: 'Cela n’a pas marché ici. Veuillez prévenir les responsables de ce site.',
    gone: 'Cet échange n’existe plus, ou n’était pas le vôtre.',
  },
};

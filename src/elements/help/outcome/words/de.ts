import type { OutcomeWords } from '../outcome-words.js';

/** German. */
export const words: OutcomeWords = {
  title: 'Wie ist das Gespräch ausgegangen?',
  loading: 'Einen Moment …',
  early: 'Das Gespräch läuft noch. Sobald es beendet ist, können Sie hier sagen, wie es ausgegangen ist.',
  void: 'Aus dieser Anfrage wurde kein Gespräch: Es gibt nichts festzuhalten.',
  outcomes: {
    resolved: 'Gelöst',
    unresolved: 'Nicht gelöst',
    in_person: 'Besuch vor Ort nötig',
  },
  choose: 'Bitte wählen Sie, wie es ausgegangen ist.',
  notes: 'Notizen (freiwillig)',
  notesHint: 'Ihre eigene Seite liest sie, die Kundschaft nicht.',
  submit: 'Speichern',
  givenTitle: 'Gespeichert',
  other: 'Vorher war schon etwas anderes festgehalten. Das bleibt.',
  troubles: {
    unreachable: 'Der Dienst ist nicht erreichbar. Ihr Text ist noch da. Bitte versuchen Sie es noch einmal.',
    signIn:
      'Wir wissen nicht mehr, wer Sie sind. Bitte melden Sie sich neu an und versuchen Sie es noch einmal.',
    often: 'Das war etwas zu oft. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.',
    other: 'Das hat hier nicht geklappt. Bitte sagen Sie es den Betreibern dieser Seite.',
    gone: 'Dieses Gespräch gibt es nicht mehr, oder es war nicht Ihres.',
  },
};

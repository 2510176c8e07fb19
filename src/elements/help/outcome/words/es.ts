import type { OutcomeWords } from '../outcome-words.js';

/** Spanish. */
export const words: OutcomeWords = {
  title: '¿Cómo terminó la conversación?',
  loading: 'Un momento …',
  early: 'La conversación aún no ha terminado. En cuanto termine, podrá decir aquí cómo acabó.',
  void: 'De esta petición no surgió ninguna conversación: no hay nada que anotar.',
  outcomes: {
    resolved: 'Resuelto',
    unresolved: 'No resuelto',
    in_person: 'Hace falta una visita',
  },
  choose: 'Elija cómo terminó.',
  notes: 'Notas (opcional)',
  notesHint: 'Las lee su equipo. El cliente no.',
  submit: 'Guardar',
  givenTitle: 'Guardado',
  other: 'Antes ya se había anotado otra cosa. Esa se mantiene.',
  troubles: {
    unreachable: 'No se puede contactar con el servicio. Su texto sigue ahí. Inténtelo de nuevo.',
    signIn: 'Ya no sabemos quién es usted. Inicie sesión de nuevo e inténtelo otra vez.',
    often: 'Ha sido demasiado seguido. Espere un momento e inténtelo de nuevo.',
    other: 'Aquí no ha funcionado. Avise a quien gestiona este sitio.',
    gone: 'Esta conversación ya no existe, o no era suya.',
  },
};

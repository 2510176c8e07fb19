import type { OutcomeWords } from '../outcome-words.js';

/** Portuguese. */
export const words: OutcomeWords = {
  title: 'Como terminou a conversa?',
  loading: 'Um momento …',
  early: 'A conversa ainda não terminou. Assim que terminar, pode dizer aqui como acabou.',
  void: 'Este pedido não deu em conversa: não há nada a registar.',
  outcomes: {
    resolved: 'Resolvido',
    unresolved: 'Não resolvido',
    in_person: 'É preciso uma visita',
  },
  choose: 'Escolha como terminou.',
  notes: 'Notas (opcional)',
  notesHint: 'A sua equipa lê-as. O cliente não.',
  submit: 'Guardar',
  givenTitle: 'Guardado',
  other: 'Antes já tinha sido registada outra coisa. Essa mantém-se.',
  troubles: {
    unreachable: 'Não é possível contactar o serviço. O seu texto continua aí. Tente novamente.',
    signIn: 'Já não sabemos quem é. Inicie sessão novamente e tente outra vez.',
    often: 'Foram tentativas demais. Espere um momento e tente novamente.',
    other: 'Isto não funcionou aqui. Avise quem gere este site.',
    gone: 'Esta conversa já não existe, ou não era sua.',
  },
};

import type { RoomWords } from '../room-words.js';

/** Portuguese. */
export const words: RoomWords = {
  title: 'Chamada',
  intro:
    'O navegador vai perguntar se esta página pode usar a câmera e o microfone. Você também pode participar sem eles. Nada é gravado.',
  join: 'Entrar na chamada',
  linkText: 'A chamada tem uma página própria, que abre em uma nova aba.',
  skip: 'Participar sem eles',
  leave: 'Sair',
  tryAgain: 'Tentar novamente',
  bringHere: 'Continuar aqui',
  shareScreen: 'Compartilhar tela',
  devices: 'Dispositivos',
  playSound: 'Ativar o som',
  ownPicture: 'Sua própria imagem',
  otherPicture: 'Imagem do outro lado',
  states: {
    joining: 'Entrando…',
    waiting: 'O outro lado ainda não chegou.',
    connecting: 'Conectando…',
    connected: 'Você está na chamada.',
    reconnecting: 'A conexão caiu e está sendo restabelecida…',
    left: 'O outro lado saiu. Se voltar, a chamada continua.',
    elsewhere: 'A chamada continua em outra janela sua.',
    ended: 'A sessão terminou, e a chamada também.',
  },
  quality: {
    weak: 'A conexão está fraca: o som e a imagem podem falhar.',
    poor: 'A conexão está ruim. Desligar a câmera ajuda.',
  },
  otherMuted: 'O microfone do outro lado está desligado.',
  otherUnseen: 'O outro lado não mostra imagem.',
  failures: {
    notConnected: 'Não foi possível conectar. Talvez outra rede deixe a chamada passar.',
    unsupported: 'Este navegador não faz chamadas. Use outro, por favor.',
    refused: 'No momento não é possível entrar na chamada.',
  },
};

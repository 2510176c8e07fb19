import type { RoomWords } from '../room-words.js';

/** Spanish. */
export const words: RoomWords = {
  title: 'Llamada',
  intro:
    'Su navegador le preguntará si esta página puede usar la cámara y el micrófono. También puede participar sin ellos. No se graba nada.',
  join: 'Unirse a la llamada',
  linkText: 'La llamada tiene su propia página, que se abre en una pestaña nueva.',
  skip: 'Participar sin ellos',
  leave: 'Salir',
  tryAgain: 'Intentar de nuevo',
  bringHere: 'Continuar aquí',
  shareScreen: 'Compartir pantalla',
  devices: 'Dispositivos',
  playSound: 'Activar el sonido',
  ownPicture: 'Su propia imagen',
  otherPicture: 'Imagen de la otra parte',
  states: {
    joining: 'Entrando…',
    waiting: 'La otra parte aún no ha llegado.',
    connecting: 'Conectando…',
    connected: 'Está en la llamada.',
    reconnecting: 'Se perdió la conexión. Se está restableciendo…',
    left: 'La otra parte ha salido. Si vuelve, la llamada continúa.',
    elsewhere: 'La llamada continúa en otra de sus ventanas.',
    ended: 'La sesión ha terminado, y la llamada también.',
  },
  quality: {
    weak: 'La conexión es débil: el sonido y la imagen pueden cortarse.',
    poor: 'La conexión es mala. Ayuda apagar la cámara.',
  },
  otherMuted: 'El micrófono de la otra parte está apagado.',
  otherUnseen: 'La otra parte no muestra imagen.',
  failures: {
    notConnected: 'No se pudo establecer la conexión. Quizá otra red deje pasar la llamada.',
    unsupported: 'Este navegador no permite llamadas. Utilice otro, por favor.',
    refused: 'En este momento no es posible unirse a la llamada.',
  },
};

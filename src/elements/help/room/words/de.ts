import type { RoomWords } from '../room-words.js';

/** German. */
export const words: RoomWords = {
  title: 'Anruf',
  intro:
    'Ihr Browser wird fragen, ob diese Seite Kamera und Mikrofon verwenden darf. Sie können auch ohne teilnehmen. Es wird nichts aufgezeichnet.',
  join: 'Am Anruf teilnehmen',
  linkText: 'Der Anruf hat eine eigene Seite, die sich in einem neuen Tab öffnet.',
  skip: 'Ohne teilnehmen',
  leave: 'Verlassen',
  tryAgain: 'Noch einmal versuchen',
  bringHere: 'Hier fortsetzen',
  shareScreen: 'Bildschirm teilen',
  devices: 'Geräte',
  playSound: 'Ton einschalten',
  ownPicture: 'Ihr eigenes Bild',
  otherPicture: 'Bild der anderen Seite',
  states: {
    joining: 'Sie treten bei …',
    waiting: 'Die andere Seite ist noch nicht da.',
    connecting: 'Verbindung wird hergestellt …',
    connected: 'Sie sind verbunden.',
    reconnecting: 'Die Verbindung ist abgebrochen und wird wiederhergestellt …',
    left: 'Die andere Seite ist gegangen. Kommt sie zurück, geht der Anruf weiter.',
    elsewhere: 'Der Anruf läuft in einem anderen Ihrer Fenster weiter.',
    ended: 'Die Sitzung ist beendet, und damit auch der Anruf.',
  },
  quality: {
    weak: 'Die Verbindung ist schwach: Ton und Bild können stocken.',
    poor: 'Die Verbindung ist schlecht. Es hilft, die Kamera auszuschalten.',
  },
  otherMuted: 'Das Mikrofon der anderen Seite ist aus.',
  otherUnseen: 'Die andere Seite zeigt kein Bild.',
  failures: {
    notConnected: 'Es kam keine Verbindung zustande. Ein anderes Netz lässt den Anruf vielleicht durch.',
    unsupported: 'Dieser Browser kann nicht anrufen. Bitte verwenden Sie einen anderen.',
    refused: 'Am Anruf kann gerade nicht teilgenommen werden.',
  },
};

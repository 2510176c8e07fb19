import type { RoomWords } from '../room-words.js';

/** French. */
export const words: RoomWords = {
  title: 'Appel',
  intro:
    'Votre navigateur demandera si cette page peut utiliser la caméra et le microphone. Vous pouvez aussi participer sans eux. Rien n’est enregistré.',
  join: 'Rejoindre l’appel',
  linkText: 'L’appel a sa propre page, qui s’ouvre dans un nouvel onglet.',
  skip: 'Participer sans eux',
  leave: 'Quitter',
  tryAgain: 'Réessayer',
  bringHere: 'Continuer ici',
  shareScreen: 'Partager l’écran',
  devices: 'Appareils',
  playSound: 'Activer le son',
  ownPicture: 'Votre propre image',
  otherPicture: 'Image de l’autre personne',
  states: {
    joining: 'Connexion à l’appel…',
    waiting: 'L’autre personne n’est pas encore là.',
    connecting: 'Connexion…',
    connected: 'Vous êtes en communication.',
    reconnecting: 'La connexion a été perdue. Elle est en cours de rétablissement…',
    left: 'L’autre personne est partie. Si elle revient, l’appel continue.',
    elsewhere: 'L’appel continue dans une autre de vos fenêtres.',
    ended: 'La session est terminée, et l’appel aussi.',
  },
  quality: {
    weak: 'La connexion est faible : le son et l’image peuvent se couper.',
    poor: 'La connexion est mauvaise. Désactiver la caméra peut aider.',
  },
  otherMuted: 'Le microphone de l’autre personne est désactivé.',
  otherUnseen: 'L’autre personne ne montre pas d’image.',
  failures: {
    notConnected: 'Aucune connexion n’a pu être établie. Un autre réseau laissera peut-être passer l’appel.',
    unsupported: 'Ce navigateur ne permet pas les appels. Veuillez en utiliser un autre.',
    refused: 'Impossible de rejoindre l’appel pour le moment.',
  },
};

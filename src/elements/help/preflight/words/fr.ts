import type { PreflightWords } from '../preflight-words.js';

/** French. */
export const words: PreflightWords = {
  title: 'Vérifier la caméra et le micro',
  intro:
    'Avant de rejoindre la séance, vérifiez que l’on vous voit et vous entend. Votre navigateur demandera si cette page peut les utiliser. Rien n’est enregistré, et personne ne vous voit encore.',
  start: 'Vérifier maintenant',
  names: { camera: 'Caméra', microphone: 'Micro', speaker: 'Haut-parleur', network: 'Connexion' },
  verdicts: {
    idle: 'Non vérifié',
    asking: 'Vérification…',
    ok: 'Fonctionne',
    weak: 'Fonctionne avec une limite',
    failed: 'Ne fonctionne pas',
  },
  advice: {
    asking: 'Veuillez répondre à la question de votre navigateur.',
    denied:
      'Ce n’est pas autorisé ici. Ouvrez les réglages de la page à côté de l’adresse, autorisez-le et réessayez.',
    dismissed: 'La question a été fermée. Réessayez et choisissez « Autoriser ».',
    blocked:
      'La page qui contient celle-ci ne le transmet pas. Le responsable du site doit autoriser la caméra et le micro.',
    insecure:
      'Les navigateurs ne l’autorisent que sur les pages sécurisées, dont l’adresse commence par https.',
    unsupported: 'Ce navigateur ne le permet pas. Veuillez en utiliser un autre.',
    missing: 'Aucun appareil trouvé. Branchez-en un et réessayez.',
    in_use: 'Rien n’arrive : un autre programme l’utilise peut-être. Fermez-le et réessayez.',
    silent: 'On n’entend encore rien. Dites quelque chose ou choisissez un autre appareil.',
    unmeasured: 'Il est activé. Ce navigateur ne permet pas d’en mesurer le volume.',
  },
  fine: {
    camera: 'On vous voit.',
    microphone: 'On vous entend.',
    speaker: 'Vous nous entendez.',
    network: 'Elle suffit pour un appel.',
  },
  network: {
    asking: 'Cela prend trois secondes au plus.',
    slow: 'Elle est lente : le son et l’image peuvent arriver en retard.',
    restricted: 'Ce réseau bloque peut-être les appels. Si l’appel n’aboutit pas, essayez un autre réseau.',
    unreachable: 'Le service est injoignable. Vérifiez votre connexion et réessayez.',
  },
  canGoWithout: 'Vous pouvez continuer sans.',
  level: 'Votre volume',
  preview: 'Votre propre image',
  systemDevice: 'Comme réglé dans le système',
  playTone: 'Jouer un son',
  isToneHeard: 'Avez-vous entendu un son ?',
  heard: 'Oui',
  notHeard: 'Non',
  toneNotHeard: 'Augmentez le volume ou choisissez un autre appareil, puis jouez le son de nouveau.',
  tryAgain: 'Réessayer',
  goOn: 'Continuer',
  stop: 'Éteindre',
  passed: 'Tout ce qui est nécessaire fonctionne.',
  notPassed: 'Un élément nécessaire ne fonctionne pas encore.',
};

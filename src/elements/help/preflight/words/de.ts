import type { PreflightWords } from '../preflight-words.js';

/** German. */
export const words: PreflightWords = {
  title: 'Kamera und Mikrofon prüfen',
  intro:
    'Sehen Sie vorher, ob man Sie sieht und hört. Ihr Browser wird fragen, ob diese Seite beides verwenden darf. Es wird nichts aufgezeichnet, und noch sieht Sie niemand.',
  start: 'Jetzt prüfen',
  names: { camera: 'Kamera', microphone: 'Mikrofon', speaker: 'Lautsprecher', network: 'Verbindung' },
  verdicts: {
    idle: 'Nicht geprüft',
    asking: 'Wird geprüft …',
    ok: 'Funktioniert',
    weak: 'Funktioniert eingeschränkt',
    failed: 'Funktioniert nicht',
  },
  advice: {
    asking: 'Bitte beantworten Sie die Frage Ihres Browsers.',
    denied:
      'Es ist hier nicht erlaubt. Öffnen Sie die Einstellungen der Seite neben der Adresse, erlauben Sie es und versuchen Sie es noch einmal.',
    dismissed: 'Die Frage wurde geschlossen. Versuchen Sie es noch einmal und wählen Sie „Zulassen“.',
    blocked: 'Die umgebende Seite gibt es nicht weiter. Wer sie betreibt, muss Kamera und Mikrofon zulassen.',
    insecure: 'Browser erlauben das nur auf sicheren Seiten, deren Adresse mit https beginnt.',
    unsupported: 'Dieser Browser kann das nicht. Bitte verwenden Sie einen anderen.',
    missing: 'Es wurde keines gefunden. Schließen Sie eines an und versuchen Sie es noch einmal.',
    in_use:
      'Es kommt nichts an: Vielleicht verwendet es ein anderes Programm. Schließen Sie dieses und versuchen Sie es noch einmal.',
    silent: 'Noch ist nichts zu hören. Sagen Sie etwas oder wählen Sie ein anderes Gerät.',
    unmeasured: 'Es ist an. Wie laut es ist, lässt sich in diesem Browser nicht messen.',
  },
  fine: {
    camera: 'Man sieht Sie.',
    microphone: 'Man hört Sie.',
    speaker: 'Sie hören uns.',
    network: 'Sie reicht für ein Gespräch.',
  },
  network: {
    asking: 'Das dauert höchstens drei Sekunden.',
    slow: 'Sie ist langsam: Ton und Bild können verzögert ankommen.',
    restricted:
      'Dieses Netz lässt Gespräche vielleicht nicht durch. Kommt keines zustande, versuchen Sie es in einem anderen Netz.',
    unreachable:
      'Der Dienst ist nicht zu erreichen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  },
  canGoWithout: 'Es geht auch ohne.',
  level: 'Wie laut Sie sind',
  preview: 'Ihr eigenes Bild',
  systemDevice: 'Wie im System eingestellt',
  playTone: 'Ton abspielen',
  isToneHeard: 'Haben Sie einen Ton gehört?',
  heard: 'Ja',
  notHeard: 'Nein',
  toneNotHeard:
    'Stellen Sie lauter oder wählen Sie ein anderes Gerät, und spielen Sie den Ton noch einmal ab.',
  tryAgain: 'Noch einmal versuchen',
  goOn: 'Weiter',
  stop: 'Ausschalten',
  passed: 'Alles Nötige funktioniert.',
  notPassed: 'Etwas Nötiges funktioniert noch nicht.',
};

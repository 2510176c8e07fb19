import type { PreflightWords } from '../preflight-words.js';

/** Spanish. */
export const words: PreflightWords = {
  title: 'Comprobar cámara y micrófono',
  intro:
    'Antes de entrar, compruebe que se le ve y se le oye. Su navegador le preguntará si esta página puede usarlos. No se graba nada y todavía no le ve nadie.',
  start: 'Comprobar ahora',
  names: { camera: 'Cámara', microphone: 'Micrófono', speaker: 'Altavoz', network: 'Conexión' },
  verdicts: {
    idle: 'Sin comprobar',
    asking: 'Comprobando…',
    ok: 'Funciona',
    weak: 'Funciona con un límite',
    failed: 'No funciona',
  },
  advice: {
    asking: 'Responda a la pregunta de su navegador.',
    denied:
      'Aquí no está permitido. Abra los ajustes de la página junto a la dirección, permítalo y vuelva a intentarlo.',
    dismissed: 'La pregunta se cerró. Vuelva a intentarlo y elija «Permitir».',
    blocked:
      'La página que contiene esta no lo transmite. Quien gestiona el sitio debe permitir la cámara y el micrófono.',
    insecure: 'Los navegadores solo lo permiten en páginas seguras, cuya dirección empieza por https.',
    unsupported: 'Este navegador no puede hacerlo. Use otro.',
    missing: 'No se encontró ninguno. Conecte uno y vuelva a intentarlo.',
    in_use: 'No llega nada: puede que lo use otro programa. Ciérrelo y vuelva a intentarlo.',
    silent: 'Todavía no se oye nada. Diga algo o elija otro.',
    unmeasured: 'Está encendido. Este navegador no permite medir el volumen.',
  },
  fine: {
    camera: 'Se le ve.',
    microphone: 'Se le oye.',
    speaker: 'Usted nos oye.',
    network: 'Es suficiente para una llamada.',
  },
  network: {
    asking: 'Tarda tres segundos como máximo.',
    slow: 'Es lenta: el sonido y la imagen pueden llegar tarde.',
    restricted: 'Puede que esta red no deje pasar llamadas. Si la llamada no conecta, pruebe otra red.',
    unreachable: 'No se puede contactar con el servicio. Revise su conexión y vuelva a intentarlo.',
  },
  canGoWithout: 'Puede continuar sin ello.',
  level: 'Su volumen',
  preview: 'Su propia imagen',
  systemDevice: 'Como está en el sistema',
  playTone: 'Reproducir un tono',
  isToneHeard: '¿Ha oído un tono?',
  heard: 'Sí',
  notHeard: 'No',
  toneNotHeard: 'Suba el volumen o elija otro, y reproduzca el tono de nuevo.',
  tryAgain: 'Reintentar',
  goOn: 'Continuar',
  stop: 'Apagar',
  passed: 'Todo lo necesario funciona.',
  notPassed: 'Algo necesario todavía no funciona.',
};

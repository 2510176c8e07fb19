import type { OutcomeWords } from '../outcome-words.js';

/** Welsh. */
export const words: OutcomeWords = {
  title: 'Sut daeth y sgwrs i ben?',
  loading: 'Un eiliad …',
  early: 'Nid yw’r sgwrs ar ben eto. Cyn gynted ag y bydd, gallwch ddweud yma sut y daeth i ben.',
  void: 'Ni ddaeth sgwrs o’r cais hwn: nid oes dim i’w gofnodi.',
  outcomes: {
    resolved: 'Wedi’i ddatrys',
    unresolved: 'Heb ei ddatrys',
    in_person: 'Mae angen ymweliad',
  },
  choose: 'Dewiswch sut y daeth i ben.',
  notes: 'Nodiadau (dewisol)',
  notesHint: 'Eich ochr chi sy’n eu darllen, nid y cwsmer.',
  submit: 'Cadw',
  givenTitle: 'Wedi’i gadw',
  other: 'Roedd rhywbeth arall wedi’i gofnodi o’r blaen. Mae hwnnw’n aros.',
  troubles: {
    unreachable:
      'Ni ellir cyrraedd y gwasanaeth. Mae’r hyn a ysgrifennoch yno o hyd. Rhowch gynnig arall arni.',
    signIn: 'Nid ydym yn gwybod mwyach pwy ydych chi. Mewngofnodwch eto, a rhowch gynnig arall arni.',
    often: 'Roedd hynny ychydig yn rhy aml. Arhoswch eiliad, a rhowch gynnig arall arni.',
    other: 'Ni weithiodd hynny yma. Rhowch wybod i bwy bynnag sy’n rhedeg y wefan hon.',
    gone: 'Nid yw’r sgwrs hon yn bodoli mwyach, neu nid eich un chi oedd hi.',
  },
};

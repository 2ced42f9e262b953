namespace Maintenance.Tickets.Search;

/// <summary>
/// Letters without their accents and in one shape: <c>É</c> as <c>e</c>, <c>ß</c> as <c>ss</c>, <c>Ａ</c> as <c>a</c>, <c>ｶ</c> and <c>ガ</c> as <c>カ</c>. What
/// compatibility decomposition (Unicode's NFKD) makes of the lower-case letters and digits of the basic plane, less their nonspacing marks; and of the strokes and
/// ligatures that it keeps, what people write for them. A table, since the runtime normalises nothing where InvariantGlobalization is on.
/// </summary>
internal static class FoldedLetters
{
    /// <summary>What letters become, a colon, the letters.</summary>
    private const string Table =
        "a:ªàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặₐａ 2:²₂２ 3:³₃３ μ:µ 1:¹₁⅟１ o:ºòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợₒℴｏøǿ c:çćĉċčḉℂℭⅽꟲｃ e:èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệₑℯℰⅇｅ " +
        "i:ìíîïĩīĭįİǐȉȋḭḯỉịⁱℐℑℹⅈⅰｉı n:ñńņňǹṅṇṉṋⁿₙℕｎ u:ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕ y:ýÿŷȳʸẏẙỳỵỷỹｙ d:ďḋḍḏḑḓⅅⅆⅾｄđð g:ĝğġģǧǵḡℊｇ h:ĥȟʰḣḥḧḩḫẖₕℋℌℍℎｈħ ij:ĳ " +
        "j:ĵǰʲⅉⱼｊ k:ķǩḱḳḵₖｋ l:ĺļľŀˡḷḹḻḽₗℒℓⅼｌł ʼn:ŉ r:ŕŗřȑȓʳṙṛṝṟℛℜℝｒ s:śŝşšſșˢṡṣṥṧṩẛₛｓ t:ţťțṫṭṯṱẗₜｔŧ w:ŵʷẁẃẅẇẉẘｗ z:źżžẑẓẕℤℨｚ dz:ǆǳ lj:ǉ nj:ǌ ʒ:ǯ ɦ:ʱ ɹ:ʴ ɻ:ʵ ʁ:ʶ " +
        "ɣ:ˠ x:ˣẋẍₓⅹｘ ʕ:ˤ ʹ:ʹ ι:ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ α:άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ ε:έϵἐἑἒἓἔἕὲέ η:ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ υ:ΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ σ:ςϲ " +
        "ο:όὀὁὂὃὄὅὸό ω:ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ β:ϐ θ:ϑ φ:ϕ π:ϖℼℿ κ:ϰ ρ:ϱῤῥ и:йѝӣӥ е:ѐёӗ г:ѓ і:ї к:ќ у:ўӯӱӳ ѵ:ѷ ж:ӂӝ а:ӑӓ ә:ӛ з:ӟ о:ӧ ө:ӫ э:ӭ ч:ӵ ы:ӹ եւ:և " +
        "ا:آأإ و:ؤ ي:ئ اٴ:ٵ وٴ:ٶ ۇٴ:ٷ يٴ:ٸ ە:ۀ ہ:ۂ ے:ۓ न:ऩ र:ऱ ळ:ऴ क:क़ ख:ख़ ग:ग़ ज:ज़ ड:ड़ ढ:ढ़ फ:फ़ य:य़ ড:ড় ঢ:ঢ় য:য় ਲ:ਲ਼ ਸ:ਸ਼ ਖ:ਖ਼ ਗ:ਗ਼ ਜ:ਜ਼ ਫ:ਫ਼ ଡ:ଡ଼ ଢ:ଢ଼ ஒ:ஔ า:ำ າ:ຳ ຫນ:ໜ " +
        "ຫມ:ໝ ག:གྷ ཌ:ཌྷ ད:དྷ བ:བྷ ཛ:ཛྷ ཀ:ཀྵ ဥ:ဦ ნ:ჼ ᬅ:ᬆ ᬇ:ᬈ ᬉ:ᬊ ᬋ:ᬌ ᬍ:ᬎ ᬑ:ᬒ b:ḃḅḇℬｂ f:ḟℱꟳｆ m:ḿṁṃₘℳⅿｍ p:ṕṗₚℙｐ v:ṽṿⅴⱽｖ aʾ:ẚ 0:⁰₀０ 4:⁴₄４ 5:⁵₅５ 6:⁶₆６ 7:⁷₇７ 8:⁸₈８ 9:⁹₉９ " +
        "ə:ₔ ɛ:ℇ ħ:ℏꟸ q:ℚꟴｑ א:ℵﬡאַאָאּ ב:ℶבּבֿ ג:ℷגּ ד:ℸﬢדּ γ:ℽℾ ii:ⅱ iii:ⅲ iv:ⅳ vi:ⅵ vii:ⅶ viii:ⅷ ix:ⅸ xi:ⅺ xii:ⅻ ⵡ:ⵯ 十:〸 卄:〹 卅:〺 か:が き:ぎ く:ぐ け:げ こ:ご さ:ざ し:じ す:ず せ:ぜ " +
        "そ:ぞ た:だ ち:ぢ つ:づ て:で と:ど は:ばぱ ひ:びぴ ふ:ぶぷ へ:べぺ ほ:ぼぽ う:ゔ ゝ:ゞ より:ゟ カ:ガｶ キ:ギｷ ク:グｸ ケ:ゲｹ コ:ゴｺ サ:ザｻ シ:ジｼ ス:ズｽ セ:ゼｾ ソ:ゾｿ タ:ダﾀ チ:ヂﾁ ツ:ヅﾂ テ:デﾃ ト:ドﾄ ハ:バパﾊ ヒ:ビピﾋ " +
        "フ:ブプﾌ ヘ:ベペﾍ ホ:ボポﾎ ウ:ヴｳ ワ:ヷﾜ ヰ:ヸ ヱ:ヹ ヲ:ヺｦ ヽ:ヾ コト:ヿ 一:㆒ 二:㆓ 三:㆔ 四:㆕ ъ:ꚜ ь:ꚝ ꝯ:ꝰ œ:ꟹ ꜧ:ꭜ ꬷ:ꭝ ɫ:ꭞ ꭒ:ꭟ ʍ:ꭩ ff:ﬀ fi:ﬁ fl:ﬂ ffi:ﬃ ffl:ﬄ st:ﬅﬆ մն:ﬓ մե:ﬔ մի:ﬕ " +
        "վն:ﬖ մխ:ﬗ י:יִיּ ײ:ײַ ע:ﬠ ה:ﬣהּ כ:ﬤכּכֿ ל:ﬥלּ ם:ﬦ ר:ﬧרּ ת:ﬨתּ ש:שׁשׂשּׁשּׂשּ ו:וּוֹ ז:זּ ט:טּ ך:ךּ מ:מּ נ:נּ ס:סּ ף:ףּ פ:פּפֿ צ:צּ ק:קּ אל:ﭏ ァ:ｧ ィ:ｨ ゥ:ｩ ェ:ｪ ォ:ｫ ャ:ｬ ュ:ｭ ョ:ｮ ッ:ｯ " +
        "ー:ｰ ア:ｱ イ:ｲ エ:ｴ オ:ｵ ナ:ﾅ ニ:ﾆ ヌ:ﾇ ネ:ﾈ ノ:ﾉ マ:ﾏ ミ:ﾐ ム:ﾑ メ:ﾒ モ:ﾓ ヤ:ﾔ ユ:ﾕ ヨ:ﾖ ラ:ﾗ リ:ﾘ ル:ﾙ レ:ﾚ ロ:ﾛ ン:ﾝ ss:ß ae:æǣǽ oe:œ th:þ";

    private static readonly Dictionary<char, string> Folds = Table.Split(' ')
        .SelectMany(static group => group[(group.IndexOf(':', StringComparison.Ordinal) + 1)..].Select(letter => (Letter: letter, Fold: group[..group.IndexOf(':', StringComparison.Ordinal)])))
        .ToDictionary(static pair => pair.Letter, static pair => pair.Fold);

    /// <summary>What a lower-case letter becomes; null where it stays as it is.</summary>
    public static string? Of(char letter) => letter < '\u0080' ? null : Folds.GetValueOrDefault(letter);
}

namespace Maintenance.Benchmarks;

/// <summary>Names, places and words of an invented country's civil registry.</summary>
internal static class RegistryVocabulary
{
    public static readonly string[] Women = Words("""
        Amina Grace Mary Fatima Esther Joyce Agnes Rose Halima Ruth Zainab Alice Neema Beatrice Mercy Sarah Asha Jane Rehema Lucy Catherine Khadija Eunice Judith Salome Winnie
        Mariam Dorcas Naomi Hawa Florence Upendo Tabitha Lilian Saida Martha Gloria Anna Pendo Victoria Janet Rahma Susan Lydia Faith Subira Edith Monica Hadija Irene Priscilla
        Zawadi Rachel Nuru Josephine Charity Wanjiru Achieng Nyambura Adhiambo Nakato Babirye Akinyi Atieno Njeri Wambui Chebet Jepkoech Moraa Kemunto Nanjala Nekesa Mwikali
        Ndinda Mumbua Kavata Tatu Mwanaidi Siti Furaha Baraka Amani Imani Tumaini Zuhura Shamsa Leila Yasmin Noor Samira Abigail Deborah Hannah Miriam Rebecca Tamar Phoebe
        Clementine Odette Solange Immaculee Vestine Chantal Espérance Béatrice Thérèse Hélène
        """);

    public static readonly string[] Men = Words("""
        John Mohamed Peter Joseph Hassan James David Juma Daniel Ali Samuel Paul Ibrahim Moses Emmanuel Rashid Stephen Michael Omar Simon George Salim Francis Isaac Abdi Charles
        Hamisi Patrick Robert Bakari Joshua Elijah Musa Benjamin Anthony Said Philip Andrew Yusuf Thomas Godfrey Athumani Richard Kennedy Abdallah Victor Dennis Ramadhani Brian
        Felix Otieno Ochieng Kamau Mwangi Njoroge Kipchoge Kiprotich Cheruiyot Wekesa Barasa Mutua Kioko Musyoka Okoth Odhiambo Onyango Wafula Simiyu Mugisha Kato Wasswa Okello
        Opio Ojok Odongo Byaruhanga Tumusiime Habimana Niyonzima Nshimiyimana Uwimana Bizimana Ndayisenga Jean-Pierre Jean-Claude Innocent Célestin Théogène Faustin Vedaste
        Gabriel Raphael Ezekiel Jeremiah Nathaniel Solomon Caleb Enoch Silas Titus Barnabas Cornelius Augustine
        """);

    public static readonly string[] Families = Words("""
        Okello Mwangi Hassan Otieno Mohamed Juma Kamau Ali Ochieng Mushi Njoroge Massawe Kimaro Wanjala Odhiambo Barasa Nyong'o Achieng Swai Lyimo Mwakyusa Mbwana Shayo Temba
        Kiprop Cheruiyot Koech Rotich Langat Mutai Kirui Chepkwony Bett Sang Mutua Musyoka Kilonzo Mbithi Nzioka Wambua Muthoka Kyalo Munyao Ndolo Wekesa Simiyu Wafula Nyongesa
        Makokha Shikuku Mukhwana Khaemba Situma Masinde Onyango Omondi Owino Oduor Ouma Ogola Okumu Ooko Obiero Oloo Ssemakula Nsubuga Mukasa Kizito Lubega Ssali Kagwa Musoke
        Byarugaba Tumwesigye Kabagambe Rwabwogo Mugabe Katureebe Bahati Mwamba Mulenga Chanda Bwalya Phiri Banda Tembo Zulu Mumba Lungu Sakala Daka Nkhoma Chirwa Gondwe Mkandawire
        Nyirenda Msiska Kaunda Mwale Kachale Chisale Abdallah Salim Bakari Athumani Rashid Shabani Mzee Kombo Faki Haji Makame Khamis Vuai Ussi Ame Juma-Ali Kibwana Mwinyi Mohamedi
        Habimana Nkurunziza Ndayishimiye Niyongabo Hakizimana Uwamahoro Mukamana Ingabire Umutoni Gasana Kayitesi Rugamba Sebahire Twagiramungu Murekezi Bizimungu Karangwa Ntaganda
        d'Almeida Fernandes da-Silva Gonçalves Pereira Singh Patel Shah Mehta Kassam Jivraj
        """);

    public static readonly string[] Places = Words("""
        Mwanda Kisiwa Lindaro Maji-Moto Bondeni Kilimahewa Mtoni Nyakasanga Ruhama Chemchem Matunda Kiboko Ngazija Ukunda Shimoni Mlimani Kaloleni Bandarini Pwani Makutano Tarafa
        Kitongoji Nyamira-Juu Nyamira-Chini Rubanda Kagera-Mpya Isingiro Lwanda Ogembo Kapsara Chepkorio Tindiret Kaptagat Soy-Mpya Eldama Mogotio Kabarnet-Mpya Solai Rongai-Kati
        Mwatate-Juu Wundanyi-Kati Taveta-Mpya Voi-Mashariki Maungu Mackinnon Samburu-Chini Mariakani-Kati Rabai-Mpya Jomvu Mikindani Likoni-Juu Diani-Kati Msambweni Lunga Vanga-Mpya
        Horohoro Duga Mkinga Pangani-Kati Muheza-Juu Korogwe-Mpya Lushoto-Kati Mombo Same-Juu Mwanga-Kati Himo Rombo-Mpya Tarakea Siha Sanya Usa Tengeru Ngaramtoni Monduli-Juu
        """);

    public static readonly string[] Districts = Words("North South East West Lakeside Highland Coastal Central Riverside Border Plateau Islands");

    public static readonly string[] Occupations = Words("farmer trader teacher driver nurse fisher tailor mason carpenter clerk student herder mechanic cook guard weaver potter electrician midwife none");

    public static readonly string[] Facilities = ["district hospital", "health centre", "at home", "mission hospital", "dispensary", "maternity clinic", "on the way to hospital"];

    public static readonly string[] Causes = ["I10", "J18", "B50", "I64", "E14", "A09", "R54", "V89", "C22", "K74", "N18", "P07", "A16", "I50", "O72"];

    public static readonly string[] Remarks =
    [
        "late registration, affidavit seen", "informant's identity card seen", "name as on the notification", "notification of the facility attached", "father's name entered at the mother's request",
        "twin, second born", "spelling agreed with the informant", "copy issued to the family", "registered by the mobile team", "entry moved from the paper book", "signed by thumb print", "fee waived",
    ];

    private static string[] Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}

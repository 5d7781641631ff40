//! temporary
use crate::*;
pub fn run() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut lib_dir=None; let mut files=vec![]; let mut it=args.iter().skip(1); let mut dump=args.first().map(|a|a=="dump").unwrap_or(false);
    while let Some(a)=it.next(){ if a=="--library"{lib_dir=it.next().cloned();} else if a=="--format"{it.next();} else if a.starts_with("--"){ } else {files.push(a.clone());}}
    let lib; let library: &ClauseLibrary = if let Some(d)=lib_dir { 
        let mut fs=vec![]; for e in ignore::Walk::new(&d).flatten(){ if e.file_type().is_some_and(|t|t.is_file()){ let rel=e.path().strip_prefix(&d).unwrap().to_string_lossy().to_string(); fs.push(library::LibraryFile::new(rel,std::fs::read_to_string(e.path()).unwrap_or_default())); } }
        lib=match ClauseLibrary::from_files(&fs){Ok(l)=>l,Err(es)=>{for e in es{eprintln!("{e}");} std::process::exit(2)}}; &lib } else {ClauseLibrary::builtin()};
    let rv=Reviewer::new(library);
    if args[0]=="test" {
        let mut bad=0; let mut n=0;
        for c in library.clauses(){ for ex in &c.examples { n+=1;
            let d=Draft::parse(SourceText::new("x",ex.text.clone())); let f=fold::Folded::new(&d);
            let lang= if ex.lang=="ja" {outline::Language::Ja} else {outline::Language::En};
            let p=rv.reader(lang).read(&d,&f); let fa=p.facts.iter().find(|f|f.clause==c.id).unwrap();
            let st=format!("{:?}",fa.stance).to_lowercase();
            if st!=ex.stance { bad+=1; println!("{}: {} example wants {} got {}: {}",c.id,ex.lang,ex.stance,st,ex.text); }
            if let Some(w)=&ex.elements { let mut w=w.clone(); w.sort(); let got:Vec<String>=fa.elements.iter().filter(|(_,v)|**v).map(|(k,_)|k.clone()).collect(); if got!=w {bad+=1; println!("{}: {} elements want {:?} got {:?}: {}",c.id,ex.lang,w,got,ex.text);} }
        }}
        println!("{n} examples, {bad} bad"); return;
    }
    if dump {
        for p in files { let bytes=std::fs::read(&p).unwrap(); let d=Draft::parse(SourceText::decode(p.clone(),&bytes).unwrap()); let f=fold::Folded::new(&d);
            let r=rv.reader(d.language()); let sg=r.signals(&d,&f);
            println!("language {:?} parties {:?} information {:?}",d.language(),d.parties().iter().map(|p|&p.label).collect::<Vec<_>>(),r.information(&d));
            for (i,s) in f.statements().iter().enumerate(){ let mut names:Vec<&str>=sg.statements[i].hits.iter().map(|h|r.signal_name(h.signal)).collect(); names.dedup(); println!("[{}|{:?}] {}\n      {}",d.path(s.unit),d.units()[s.unit].kind,f.read(s),names.join(" ")); } }
        return;
    }
    let mut docs=vec![];
    for p in files { let bytes=std::fs::read(&p).unwrap(); let d=Draft::parse(SourceText::decode(p.clone(),&bytes).unwrap());
        let r=rv.review(&d,&ReviewOptions::default());
        let clauses:Vec<_>=r.provisions.facts.iter().map(|f|serde_json::json!({"id":f.clause,"stance":f.stance,"elements":f.elements,"binds":f.binds,"evidence":f.deciding().map(|p|serde_json::json!({"start":p.evidence.span.start,"end":p.evidence.span.end,"reading":p.reading,"quote":p.evidence.quote})).collect::<Vec<_>>()})).collect();
        docs.push(serde_json::json!({"path":p,"kind":r.provisions.kind,"clauses":clauses}));
    }
    println!("{}",serde_json::json!({"documents":docs}));
}
